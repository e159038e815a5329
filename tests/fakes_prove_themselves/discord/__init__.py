"""The fake Discord, tried with the real discord.py and frame by frame."""
