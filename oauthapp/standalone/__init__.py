"""The provider alone, described by flags: for tests in any language."""
