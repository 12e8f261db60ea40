"""A generated data set that stands in for iWildCam 2020: drawn animals before drawn cameras."""

from wildcam.demo.generate import MIN_IMAGES, generate_demo
from wildcam.demo.records import DemoSource

__all__ = ["MIN_IMAGES", "DemoSource", "generate_demo"]
