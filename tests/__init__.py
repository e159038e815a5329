"""The tests of Limner, mirroring its packages."""
