"""Who may do what: roles, and the least role that each act asks for."""

from types import MappingProxyType

from wildcam.choice import Choice


class Role(Choice):
    """What somebody is trusted with; each role may do all that those before it may."""

    VIEWER = "viewer", "Viewer"  # look, identify photos of one's own
    ANNOTATOR = "annotator", "Annotator"  # correct labels and times, answer and check whole data sets
    TRAINER = "trainer", "Trainer"  # train, stop, promote, add data sets
    ADMIN = "admin", "Admin"  # any folder of the server, deletion, accounts

    def includes(self, other: "Role") -> bool:
        """Whether this role may do what the other may."""
        roles = list(Role)
        return roles.index(self) >= roles.index(other)


class Act(Choice):
    """What is asked for before it is done; the titles complete "You may not …"."""

    SEE_PEOPLE = "see_people", "see people in photos clearly"
    CORRECT = "correct", "correct labels, times or deployments"
    START_BATCH = "start_batch", "start a batch or a file check"
    START_TRAINING = "start_training", "start or resume a training"
    STOP_RUN = "stop_run", "stop or reorder runs"
    NOTE_RUN = "note_run", "name, tag or describe a run"
    PROMOTE = "promote", "promote, rename or choose models"
    ADD_DATASET = "add_dataset", "add or rename a data set"
    NAME_SERVER_PATH = "name_server_path", "name any file or folder of the server"
    DELETE_RUN = "delete_run", "delete a run"
    DELETE_MODEL = "delete_model", "delete a model"
    DELETE_DATASET = "delete_dataset", "delete a data set"
    FREE_DISK = "free_disk", "free the disk of old checkpoints and caches"
    DELETE_PEOPLE = "delete_people", "delete photos that show people"


LEAST_ROLE = MappingProxyType(
    {
        Act.SEE_PEOPLE: Role.ANNOTATOR,  # who corrects labels must see what is there
        Act.CORRECT: Role.ANNOTATOR,
        Act.START_BATCH: Role.ANNOTATOR,
        Act.START_TRAINING: Role.TRAINER,
        Act.STOP_RUN: Role.TRAINER,
        Act.NOTE_RUN: Role.TRAINER,
        Act.PROMOTE: Role.TRAINER,
        Act.ADD_DATASET: Role.TRAINER,
        Act.NAME_SERVER_PATH: Role.ADMIN,
        Act.DELETE_RUN: Role.ADMIN,
        Act.DELETE_MODEL: Role.ADMIN,
        Act.DELETE_DATASET: Role.ADMIN,
        Act.FREE_DISK: Role.ADMIN,
        Act.DELETE_PEOPLE: Role.ADMIN,
    }
)
