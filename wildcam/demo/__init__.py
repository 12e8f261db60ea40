"""The demo: a drawn data set in the form of iWildCam 2020, and its import."""

from wildcam.demo.generate import MIN_IMAGES, generate_demo
from wildcam.demo.records import DemoSource

__all__ = ["MIN_IMAGES", "DemoSource", "generate_demo"]
