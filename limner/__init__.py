"""The command line, the settings and the wiring: the only place that knows every adapter."""
