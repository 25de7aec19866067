/// The theme files of this folder, embedded in the program.
public enum Themes {
    /// Colours on a dark background.
    public static let dark = PackageResources.dark_yaml
    /// Dark on white.
    public static let light = PackageResources.light_yaml
    /// White on black, for eyes that need it.
    public static let highContrast = PackageResources.high_contrast_yaml
    /// No colour at all: bold, dim, underline and reverse.
    public static let mono = PackageResources.mono_yaml
    /// Nord.
    public static let nord = PackageResources.nord_yaml
    /// Dracula.
    public static let dracula = PackageResources.dracula_yaml
    /// Gruvbox, dark.
    public static let gruvbox = PackageResources.gruvbox_yaml
    /// Solarized, dark.
    public static let solarizedDark = PackageResources.solarized_dark_yaml
    /// Solarized, light.
    public static let solarizedLight = PackageResources.solarized_light_yaml
    /// Catppuccin Mocha.
    public static let catppuccin = PackageResources.catppuccin_yaml
}
