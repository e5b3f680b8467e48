<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>InspectorText</name>
    <message numerus="yes">
        <source>%n time(s)</source>
        <translation>
            <numerusform>%n time</numerusform>
            <numerusform>%n times</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OriginText</name>
    <message numerus="yes">
        <source>%n losses</source>
        <translation>
            <numerusform>%n loss</numerusform>
            <numerusform>%n losses</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerscope::app::AttachDialog</name>
    <message numerus="yes">
        <source>All %n weight(s) fit. Paired: %1.</source>
        <translation>
            <numerusform>The %n weight fits. Paired: %1.</numerusform>
            <numerusform>All %n weights fit. Paired: %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerscope::app::ChangesPanel</name>
    <message numerus="yes">
        <source>What changes: %n place(s)</source>
        <translation>
            <numerusform>What changes: %n place</numerusform>
            <numerusform>What changes: %n places</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerscope::app::Document</name>
    <message numerus="yes">
        <source>Train %n epoch(s)</source>
        <translation>
            <numerusform>Train %n epoch</numerusform>
            <numerusform>Train %n epochs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Trained %n epoch(s), loss %1.</source>
        <translation>
            <numerusform>Trained %n epoch, loss %1.</numerusform>
            <numerusform>Trained %n epochs, loss %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerscope::app::Session</name>
    <message numerus="yes">
        <source>Saved %1: %n tensor(s) read back and found equal.</source>
        <translation>
            <numerusform>Saved %1: %n tensor read back and found equal.</numerusform>
            <numerusform>Saved %1: %n tensors read back and found equal.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerscope::views::HistogramCard</name>
    <message numerus="yes">
        <source>None of the %n value(s) is a finite number.</source>
        <translation>
            <numerusform>The one value is no finite number.</numerusform>
            <numerusform>None of the %n values is a finite number.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>layerscope::views::LayerTree</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
</context>
</TS>
