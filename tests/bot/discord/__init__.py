"""The Discord adapter: pages and courier by themselves, and journeys with real discord.py against the fake."""
