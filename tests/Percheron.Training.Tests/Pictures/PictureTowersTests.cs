using Percheron.Codecs.Images;
using Percheron.Evaluation.Pictures;
using Percheron.Evaluation.Scenes;
using Percheron.Formats;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Pictures;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Pictures;

public class PictureTowersTests
{
    private static readonly SceneGenerator Scenes = new(7);

    [TorchFact]
    public void The_library_reads_the_features_that_were_trained()
    {
        using var net = new StackNet([PictureTowers.Features, PictureTowers.Deciding], [], seed: 2);
        using GgufFile file = GgufFile.InMemory("features", StackFile.Writer(net, StackFeatures.Architecture, "Test", "mit", TensorType.F32));
        using StackFeatures features = new(file);
        Batch batch = new SceneRows(Scenes, scene => SceneAttributes.Of(scene.Scene), 2, 1).HeldOut(0);
        using var fixedValues = no_grad();
        float[] trained = net.Forward(StackFeatures.Network, SceneRows.PicturesOf(batch)).flatten(1)[1].data<float>().ToArray();
        var read = new double[features.Dimensions];
        features.Read(SceneDrawing.Draw(Scenes.HeldOut(1).Scene), read);
        for (int i = 0; i < read.Length; i++) Assert.Equal(trained[i], read[i], 1e-3);
    }

    [TorchFact]
    public void The_library_scores_pictures_and_captions_as_trained_towers_do()
    {
        var words = CaptionVocabulary.Of(Enumerable.Range(0, 200).Select(i => Scenes.Train(i).Text));
        using var net = new StackNet([PictureTowers.Picture, PictureTowers.Text(words.Count)], [], seed: 2);
        GgufWriter writer = StackFile.Writer(net, StackPictureText.Architecture, "Test", "mit", TensorType.F32);
        writer.Add(StackPictureText.WordsKey, words.Words.ToArray());
        using GgufFile file = GgufFile.InMemory("towers", writer);
        using StackPictureText score = new(file);
        Batch batch = Rows(words).HeldOut(0);
        using var fixedValues = no_grad();
        Tensor seen = net.Forward(StackPictureText.PictureNetwork, SceneRows.PicturesOf(batch)).flatten(1), read = net.Forward(StackPictureText.TextNetwork, SceneRows.KnownOf(batch).to(ScalarType.Int64)).flatten(1);
        for (int i = 0; i < 4; i++)
        {
            double cosine = (seen[i] * read[i]).sum().item<float>();
            Picture picture = SceneDrawing.Draw(Scenes.HeldOut(i).Scene);
            Assert.Equal(100 * Math.Max(0, cosine), score.Score(picture, Scenes.HeldOut(i).Text), 0.05);
        }
    }

    [TorchFact]
    public void Both_objectives_fall_when_a_few_scenes_are_learned_by_heart()
    {
        var words = CaptionVocabulary.Of(Enumerable.Range(0, 200).Select(i => Scenes.Train(i).Text));
        using var features = new StackNet([PictureTowers.Features, PictureTowers.Deciding], [], seed: 2);
        using var towers = new StackNet([PictureTowers.Picture, PictureTowers.Text(words.Count)], [], seed: 2);
        Falls(features, new SceneLabels(), new SceneRows(Scenes, scene => SceneAttributes.Of(scene.Scene), 8, 1).HeldOut(0));
        Falls(towers, new PictureTextContrast(), Rows(words).HeldOut(0));
    }

    [TorchFact]
    public void Every_attribute_of_a_scene_is_told()
    {
        Scene scene = new(SceneBackground.Black, [new SceneObject(SceneShape.Square, SceneColour.Blue, 10, 10, 6), new SceneObject(SceneShape.Circle, SceneColour.Red, 50, 50, 11)]);
        short[] attributes = SceneAttributes.Of(scene);
        Assert.Equal(SceneAttributes.Count, attributes.Length);
        // The background, the number of things, and four for each of two things.
        Assert.Equal(10, attributes.Sum(a => a));
        Assert.Equal((1, 0, 1), (attributes[(int)SceneBackground.Black], attributes[4], attributes[5]));
    }

    private static SceneRows Rows(CaptionVocabulary words) => new(Scenes, scene => [.. words.Encode(scene.Text, PictureTowers.Words).Select(id => (short)id)], 8, 1);

    private static void Falls(StackNet net, IObjective<StackNet> objective, Batch batch)
    {
        double first = 0, last = 0;
        for (int step = 0; step < 12; step++)
        {
            Tensor loss = objective.Loss(net, batch);
            last = loss.item<float>();
            if (step == 0) first = last;
            foreach (Tensor tensor in net.Tensors.Values) tensor.grad?.zero_();
            loss.backward();
            using var fixedValues = no_grad();
            foreach (Tensor tensor in net.Tensors.Values) tensor.sub_(tensor.grad!.sign() * 0.002);
        }
        Assert.True(last < 0.8 * first, $"{first} → {last}");
    }
}
