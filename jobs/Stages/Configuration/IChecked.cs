namespace Pipeline.Stages.Configuration;

/// <summary>Options with rules that one range cannot say, such as one value being a multiple of another.</summary>
public interface IChecked
{
    /// <summary>The broken rules. Path: the option below this record, "tokenWidth"; Message: what follows it, "is 129; it must be ...".</summary>
    IEnumerable<(string Path, string Message)> Check();
}
