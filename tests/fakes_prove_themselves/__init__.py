"""Each fake is tried with the real client library it must deceive."""
