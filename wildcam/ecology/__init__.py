"""From camera traps: effort, independent detections, relative abundance, species accumulation."""
