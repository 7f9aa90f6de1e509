"""Puts the packages together: factory, command line, and the pages that mix packages."""
