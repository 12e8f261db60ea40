"""Which photos of a data set are alike, by the features of a pretrained backbone."""
