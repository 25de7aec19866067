/// The theme files of this folder, embedded in the program.
public enum Themes {
    /// Colours on a dark background.
    public static let dark = PackageResources.dark_yaml
    /// No colour at all: bold, dim, underline and reverse.
    public static let mono = PackageResources.mono_yaml
}
