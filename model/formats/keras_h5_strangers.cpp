#include "model/formats/keras_h5_strangers.h"

namespace layerscope::formats {

using containers::Hdf5Group;
using containers::Hdf5LinkKind;

namespace {

constexpr std::size_t mostStrangersNamed = 20;

/// A name that Keras gives to attributes, numbered parts of a list included.
bool isKnownAttribute(std::string_view name)
{
    static constexpr std::array<std::string_view, 6> texts{ "model_config", "training_config",
        "keras_version", "backend", historyAttribute, "weight_names" };
    if (std::ranges::find(texts, name) != texts.end())
        return true;
    return name.substr(0, std::min(name.find_last_not_of("0123456789") + 1, name.size()))
        == "layer_names";
}

class StrangerWalk
{
public:
    StrangerWalk(const H5Carried& carried, std::vector<Problem>& problems)
        : m_problems(problems)
    {
        addGroup(carried.weightsPath);
        addGroup(std::string(optimizerGroup));
        addGroup(joinH5(carried.weightsPath, topLevelGroup));
        for (const H5LayerGroup& group : carried.groups) {
            const std::string path = joinH5(carried.weightsPath, group.layer);
            addGroup(path);
            for (const std::string& name : group.weightNames)
                addDataset(joinH5(path, name));
        }
        for (const H5Place& place : carried.optimizer)
            addDataset(place.path);
    }

    /// Looks only into groups that lead to something listed, so that it ends whatever the links do.
    void visit(const Hdf5Group& group, const std::string& path)
    {
        const auto links = group.links();
        if (!links)
            return note(Severity::Warning, path, links.error().message() + ".");
        for (const containers::Hdf5Link& link : *links) {
            const std::string inner = joinH5(path, link.name);
            if (link.name.empty()) {
                note(Severity::Warning, path, "A member has no name.");
            } else if (m_datasets.contains(inner)) {
                continue; // whatever it is, the reader has looked at it
            } else if (link.kind != Hdf5LinkKind::Hard) {
                note(Severity::Warning, inner,
                    "This is a link and is not followed: it could lead out of the file.");
            } else if (m_groups.contains(inner)) {
                if (const auto next = group.group(link.name))
                    visit(*next, inner);
            } else {
                note(Severity::Note, inner,
                    "Nothing in the file refers to this; it is kept as it is.");
            }
        }
    }

    void note(Severity severity, const std::string& where, const std::string& what)
    {
        if (++m_count <= mostStrangersNamed)
            m_problems.push_back({ severity, where, what, {} });
    }

    void finish()
    {
        if (m_count > mostStrangersNamed)
            m_problems.push_back({ Severity::Note, "/",
                std::to_string(m_count - mostStrangersNamed)
                    + " more things in the file are like this.",
                {} });
    }

private:
    void addGroup(std::string path)
    {
        while (!path.empty() && m_groups.insert(path).second)
            path.resize(path.find('/') == std::string::npos ? 0 : path.rfind('/'));
    }

    void addDataset(const std::string& path)
    {
        m_datasets.insert(path);
        if (const std::size_t slash = path.rfind('/'); slash != std::string::npos)
            addGroup(path.substr(0, slash));
    }

    std::vector<Problem>& m_problems;
    std::set<std::string> m_groups;
    std::set<std::string> m_datasets;
    std::size_t m_count = 0;
};

} // namespace

void noteStrangers(const Hdf5Group& root, const H5Carried& carried, std::vector<Problem>& problems)
{
    StrangerWalk walk(carried, problems);
    if (const auto names = root.attributeNames(); !names) {
        walk.note(Severity::Warning, "/", names.error().message() + ".");
    } else {
        for (const std::string& name : *names)
            if (!isKnownAttribute(name))
                walk.note(Severity::Note, "@" + name,
                    "This attribute is not one of Keras's; it is kept as it is.");
    }
    walk.visit(root, {});
    walk.finish();
}

} // namespace layerscope::formats
