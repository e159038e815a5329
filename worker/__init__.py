"""The worker: arq on Redis, which wakes the use cases that make pictures."""
