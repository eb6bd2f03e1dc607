"""Reports on screen: chosen, shown as table and chart, and the sales behind each row."""
