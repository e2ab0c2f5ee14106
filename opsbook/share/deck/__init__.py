"""The deck: slides declared in deck.toml, filled from the workbook's own figures, written as native PowerPoint."""
