/// Terminal placeholder
