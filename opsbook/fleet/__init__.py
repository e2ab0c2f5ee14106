"""Many stores: each one's workbook refreshed by itself, side by side, and all of them compared."""
