"""WildCam: explore, train and question camera-trap classifiers."""

__version__ = "0.1.0"
