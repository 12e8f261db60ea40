import math

import pytest

from wildcam.training.keras_backend.checkpoint import KerasState, PatienceState, PlateauState

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("loss", [0.1 + 0.2, math.nan, math.inf, None])
def test_counters_come_back_as_they_were_also_of_a_run_whose_loss_is_no_number(loss):
    state = KerasState(
        epoch=3,
        finished=False,
        best_epoch=1,
        best_value=math.nan,
        plateau=PlateauState(best=loss, wait=2, cooldown_counter=0),
        patience=PatienceState(best=loss, wait=3, best_epoch=0, stopped_epoch=0),
    )
    back = KerasState.model_validate_json(state.model_dump_json())
    for best in (back.plateau.best, back.patience.best):
        assert best == loss or (math.isnan(best) and math.isnan(loss))
    assert math.isnan(back.best_value)
