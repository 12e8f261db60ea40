"""Text of others on pages: the rule of all Markdown that WildCam writes."""

from wildcam.markdown import literal as literal
