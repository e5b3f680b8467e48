#include "model/analysis/doctor.h"
#include "model/core/text_table.h"

#include <algorithm>

namespace layerscope::analysis {

namespace {

/// Columns of characters, not bytes.
std::string padded(const std::string& text, std::size_t columns)
{
    return text + std::string(columns - std::min(columns, characterCount(text)), ' ');
}

/// Text out of a file may hold anything; a terminal is to show it, not to obey it.
std::string printable(const std::string& text)
{
    std::string out;
    for (const char c : text)
        out += (c >= 0 && c < 0x20) || c == 0x7F ? ' ' : c;
    constexpr std::size_t longest = 1000;
    return out.size() > longest ? out.substr(0, longest) + "…" : out;
}

std::string findingText(const Finding& finding)
{
    std::string text = std::string(severityName(finding.severity)) + ": "
        + (finding.where.empty() ? "" : printable(finding.where) + ": ")
        + printable(finding.what.english()) + "\n";
    if (!finding.why.isEmpty())
        text += "    " + printable(finding.why.english()) + "\n";
    if (!finding.remedy.isEmpty())
        text += "    → " + printable(finding.remedy.english()) + "\n";
    return text;
}

std::string outcomeWord(Outcome outcome, const Sentence& reason)
{
    static constexpr std::string_view words[] = { "yes", "no", "nothing to resume", "not tried" };
    std::string text(words[static_cast<std::size_t>(outcome)]);
    if (!reason.isEmpty() && outcome != Outcome::Nothing)
        text += ": " + printable(reason.english());
    return text;
}

std::string verdictsText(const std::vector<Verdict>& verdicts)
{
    std::vector<std::array<std::string, 3>> rows{ { "Keras", "loads", "resumes" } };
    for (const Verdict& verdict : verdicts)
        rows.push_back({ verdict.keras, outcomeWord(verdict.loads, verdict.loadReason),
            outcomeWord(verdict.resumes, verdict.resumeReason) });
    std::size_t first = 0, second = 0;
    for (const auto& row : rows) {
        first = std::max(first, characterCount(row[0]));
        second = std::max(second, characterCount(row[1]));
    }
    std::string text;
    for (const auto& row : rows)
        text += "  " + padded(row[0], first + 2) + padded(row[1], second + 2) + row[2] + "\n";
    return text;
}

Json sentences(const std::vector<Sentence>& list)
{
    Json array = Json::array();
    for (const Sentence& sentence : list)
        array.push_back(sentence.english());
    return array;
}

Json jsonText(const std::string& text)
{
    return text.empty() ? Json() : Json(text);
}

Json findingJson(const Finding& finding)
{
    Json object;
    object["severity"] = severityName(finding.severity);
    object["rule"] = finding.rule;
    object["where"] = finding.where;
    object["what"] = finding.what.english();
    object["why"] = finding.why.english();
    object["remedy"] = finding.remedy.english();
    object["action"] = finding.action.kind == RemedyKind::None
        ? Json()
        : Json{ { "kind", remedyName(finding.action.kind) },
              { "target", jsonText(finding.action.target) } };
    return object;
}

} // namespace

std::string_view severityName(Severity severity)
{
    static constexpr std::string_view names[] = { "error", "warning", "note" };
    return names[static_cast<std::size_t>(severity)];
}

std::string_view outcomeName(Outcome outcome)
{
    static constexpr std::string_view names[] = { "yes", "no", "nothing", "unsure" };
    return names[static_cast<std::size_t>(outcome)];
}

std::string_view remedyName(RemedyKind kind)
{
    static constexpr std::string_view names[] = { "none", "save-as", "attach-architecture",
        "strip-training-setup", "strip-optimizer", "rename-duplicates", "open" };
    return names[static_cast<std::size_t>(kind)];
}

std::string diagnosisText(const Diagnosis& diagnosis)
{
    std::string text = printable(diagnosis.path.string()) + "\n";
    for (const Sentence* line : { &diagnosis.what, &diagnosis.writer, &diagnosis.optimizer })
        if (diagnosis.opens && !line->isEmpty())
            text += printable(line->english()) + "\n";
    text += "\n";
    for (const Finding& finding : diagnosis.findings)
        text += findingText(finding);
    if (!diagnosis.isSuspicious()) {
        text += "Nothing suspicious. Checked:\n";
        for (const Sentence& sentence : diagnosis.checked)
            text += "    " + sentence.english() + "\n";
    }
    if (!diagnosis.verdicts.empty())
        text += "\n" + verdictsText(diagnosis.verdicts);
    return text;
}

Json diagnosisJson(const Diagnosis& diagnosis)
{
    Json object;
    object["path"] = diagnosis.path.string();
    object["opens"] = diagnosis.opens;
    object["what"] = diagnosis.what.english();
    object["format"] = jsonText(diagnosis.format);
    object["writer"] = jsonText(diagnosis.writer.english());
    object["keras_version"] = jsonText(diagnosis.kerasVersion);
    object["tensorflow_version"] = jsonText(diagnosis.tensorflowVersion);
    object["optimizer"] = Json{ { "what", jsonText(diagnosis.optimizer.english()) },
        { "dialect", jsonText(diagnosis.dialect) }, { "slots", diagnosis.slotCount },
        { "iterations", diagnosis.iterations ? Json(*diagnosis.iterations) : Json() } };
    object["damage"] = diagnosis.damage ? Json{ { "bytes_here", diagnosis.damage->bytesHere },
        { "bytes_expected", diagnosis.damage->bytesExpected },
        { "at_least", diagnosis.damage->atLeast }, { "percent", diagnosis.damage->percent() } }
                                        : Json();
    object["intact"] = diagnosis.intact;
    object["lost"] = diagnosis.lost;
    object["findings"] = Json::array();
    for (const Finding& finding : diagnosis.findings)
        object["findings"].push_back(findingJson(finding));
    object["keras"] = Json::array();
    for (const Verdict& verdict : diagnosis.verdicts)
        object["keras"].push_back(
            Json{ { "version", verdict.keras }, { "loads", outcomeName(verdict.loads) },
                { "load_reason", jsonText(verdict.loadReason.english()) },
                { "resumes", outcomeName(verdict.resumes) },
                { "resume_reason", jsonText(verdict.resumeReason.english()) } });
    object["checked"] = sentences(diagnosis.checked);
    return object;
}

} // namespace layerscope::analysis
