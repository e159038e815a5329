"""One wire-level fake server for each platform and provider."""
