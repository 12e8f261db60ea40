"""The questions that the experiments left open, each as a study that anyone can run again."""
