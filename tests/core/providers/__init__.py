"""The tests of the image providers."""
