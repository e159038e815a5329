"""Where pictures come from, one module or package per provider."""
