"""Sections of `nldissect stats`, a module each; the table SECTIONS (render/stats) says how to add one."""
