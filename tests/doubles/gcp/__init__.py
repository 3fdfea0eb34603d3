"""The double of Google Cloud."""
