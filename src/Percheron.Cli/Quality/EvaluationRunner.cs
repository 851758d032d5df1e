namespace Percheron.Cli.Quality;

/// <summary>Does the pieces of work of a plan that the log does not hold yet, until all are done or Ctrl-C is pressed.</summary>
internal sealed class EvaluationRunner(EvaluationPlan plan, Answering answering, EvaluationLog log, Terminal terminal)
{
    /// <summary>Runs; true if everything is done.</summary>
    public bool Run()
    {
        (Contender Contender, int First, int Count)[] batches =
            [.. Enumerable.Range(0, (plan.Samples + plan.Batch - 1) / plan.Batch).Select(b => b * plan.Batch).SelectMany(first => plan.Contenders.Select(c => (c, first, Math.Min(plan.Batch, plan.Samples - first)))).Where(w => !Has(w.c, w.first, w.Item3))];
        (int Turn, int Index)[] turns = [.. Enumerable.Range(0, plan.Turns).SelectMany(t => Enumerable.Range(0, plan.SpeedSamples).Select(i => (t, i))).Where(t => plan.Contenders.Any(c => !c.IsPlain && !log.IsTimed(c, t.i, t.t)))];
        // Speed first: it is what a machine that is at rest now may not be later.
        return Timed(turns) && Answered(batches);
    }

    private bool Has(Contender contender, int first, int count) => log.Outputs(contender, first)?.Outputs?.Length >= count;

    private bool Timed((int Turn, int Index)[] turns)
    {
        if (turns.Length == 0) return true;
        foreach (Contender contender in plan.Contenders) answering.Alone(contender, 0);
        Countdown progress = new(terminal, turns.Length);
        foreach ((int turn, int index) in turns)
        {
            Contender[] waiting = [.. plan.Contenders.Where(c => c.IsPlain || !log.IsTimed(c, index, turn))];
            var lines = new EvaluationLine[waiting.Length];
            // Who begins rotates, so that a machine that changes its speed favours none.
            for (int i = 0; i < waiting.Length; i++)
            {
                if (terminal.Stop.IsCancellationRequested) return false;
                int at = (turn + index + i) % waiting.Length;
                lines[at] = answering.Alone(waiting[at], index).Line with { Turn = turn };
            }
            double plain = lines[0].Ms;
            log.Add([.. lines.Skip(1).Select(l => l with { PlainMs = plain })]);
            progress.Done("timed");
        }
        progress.End();
        return true;
    }

    private bool Answered((Contender Contender, int First, int Count)[] batches)
    {
        Countdown progress = new(terminal, batches.Length);
        foreach ((Contender contender, int first, int count) in batches)
        {
            if (terminal.Stop.IsCancellationRequested) return false;
            log.Add(answering.Batch(contender, first, count));
            progress.Done($"answered, {contender.Name} from {first}");
        }
        progress.End();
        return true;
    }
}
