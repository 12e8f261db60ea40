"""The open questions of the experiments, each as a study that can be reproduced."""
