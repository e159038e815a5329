"""Limner under fire: real processes and real servers that are killed, and a count at the end of each test."""
