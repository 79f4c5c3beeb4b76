"""Results as files for other programs: GeoPackage, workbook, CSV."""
