"""The adapters, each against a fake of its platform."""
