"""Review: which photos people should check next, what they have said so far, and what that tells of the rest."""
