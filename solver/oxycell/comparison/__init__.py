"""What `oxycell compare` shows: runs side by side with signed differences against the first, and break-even grid
factors."""

from oxycell.comparison.side_by_side import compare
from oxycell.comparison.listing import text

__all__ = ["compare", "text"]
