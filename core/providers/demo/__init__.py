"""Pictures without a network: reads a prompt into a scene and paints it, the same on every machine."""
