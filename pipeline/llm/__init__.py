"""The room llm."""
