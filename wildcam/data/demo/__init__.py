"""A generated data set that stands in for iWildCam 2020: drawn animals before drawn cameras."""

from wildcam.data.demo.generate import MIN_PHOTOGRAPHS, generate_demo
from wildcam.data.demo.records import DemoSource

__all__ = ["MIN_PHOTOGRAPHS", "DemoSource", "generate_demo"]
