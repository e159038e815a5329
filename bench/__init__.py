"""What Limner costs, beside the obvious way and the floor, each measured in the same run on the same servers."""
