"""What registers, reports and forms print: cells, lines and sheets. Pure: no store, no clock."""
