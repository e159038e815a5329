"""Tests of the mail messenger."""
