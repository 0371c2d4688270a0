"""What `oxycell compare` shows: runs side by side with signed differences against the first, and break-even grid
factors."""

from oxycell.comparison.listing import text
from oxycell.comparison.side_by_side import compare

__all__ = ["compare", "text"]
