"""Tests of the web adapter."""
