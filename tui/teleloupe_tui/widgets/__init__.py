"""What is drawn: the grid that every list shares, the panes made of it, and the bars around them."""
