"""Puts the packages together: the application factory, the command line, pages that mix packages."""
