using Percheron.Codecs.Images;

namespace Percheron.Evaluation.Scenes;

/// <summary>Draws scenes, edges smooth: a pixel that a thing covers in part is mixed.</summary>
public static class SceneDrawing
{
    /// <summary>A picture of a scene; later things stand before earlier ones.</summary>
    public static Picture Draw(Scene scene)
    {
        var picture = new Picture(Scene.Side, Scene.Side);
        (byte r, byte g, byte b) = ScenePalette.Of(scene.Background);
        for (int i = 0; i < picture.Pixels.Length; i += 3) (picture.Pixels[i], picture.Pixels[i + 1], picture.Pixels[i + 2]) = (r, g, b);
        foreach (SceneObject thing in scene.Objects) Draw(thing, picture);
        return picture;
    }

    private static void Draw(SceneObject thing, Picture picture)
    {
        (byte r, byte g, byte b) = ScenePalette.Of(thing.Colour);
        int left = From(thing.X), right = To(thing.X), top = From(thing.Y), bottom = To(thing.Y);
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                float cover = SceneOutline.Cover(thing, x, y);
                Span<byte> pixel = picture[x, y];
                (pixel[0], pixel[1], pixel[2]) = (Mix(pixel[0], r, cover), Mix(pixel[1], g, cover), Mix(pixel[2], b, cover));
            }
        }

        int From(float middle) => Math.Clamp((int)MathF.Floor(middle - thing.Radius) - 1, 0, Scene.Side);
        int To(float middle) => Math.Clamp((int)MathF.Ceiling(middle + thing.Radius) + 1, 0, Scene.Side);
    }

    private static byte Mix(byte below, byte above, float cover) => (byte)(below + ((above - below) * cover) + 0.5f);
}
