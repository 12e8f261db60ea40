"""What a check is asked for."""

from pydantic import BaseModel, ConfigDict


class CheckRequest(BaseModel):
    """The parameters of a run of the kind `check`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str
