"""Review: which photos people should check next, what they have said so far, and how sure that makes the rest."""
