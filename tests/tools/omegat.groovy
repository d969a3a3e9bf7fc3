/* Opens the OmegaT project in a folder as OmegaT does, loads each file of its glossary folder by itself, and looks every
   segment up. Arguments: folder, source language, target language. Writes found.json there: for each file what was read
   (source, target, comment) and for each segment the matches (source, targets, comments) in the order they are shown. */
import groovy.json.JsonOutput
import org.omegat.core.Core
import org.omegat.core.data.ProjectProperties
import org.omegat.core.data.RealProject
import org.omegat.filters2.master.PluginUtils
import org.omegat.gui.glossary.FindGlossaryThread
import org.omegat.gui.glossary.GlossaryManager
import org.omegat.util.RuntimePreferences

class Search extends FindGlossaryThread {
    Search(entry, manager) { super(null, entry, manager) }
    protected boolean isEntryChanged() { false }   // asks the window, and there is none
}

def (folder, source, target) = args
RuntimePreferences.setConfigDir("$folder/config/")
PluginUtils.loadPlugins([:])
Core.initializeConsole([:])
def properties = new ProjectProperties(new File(folder))
properties.setSourceLanguage(source)
properties.setTargetLanguage(target)
properties.setSourceTokenizer(PluginUtils.getTokenizerClassForLanguage(properties.sourceLanguage))
properties.setTargetTokenizer(PluginUtils.getTokenizerClassForLanguage(properties.targetLanguage))
def project = new RealProject(properties)
Core.setProject(project)
project.loadProject(true)

def found = [:]
new File(properties.glossaryRoot).listFiles().sort().each { file ->
    def manager = new GlossaryManager(null)
    manager.@priorityGlossary = new File(properties.writeableGlossary)
    def read = manager.loadGlossaryFile(file)
    manager.@glossaries.put(file.name, read)
    def matches = project.allEntries.collectEntries { entry ->
        [entry.srcText, new Search(entry, manager).search().collect { [it.srcText, it.getLocTerms(false), it.comments] }]
    }
    found[file.name] = [read: read.collect { [it.srcText, it.locText, it.commentText] }, matches: matches]
}
new File(folder, 'found.json').setText(JsonOutput.toJson(found), 'UTF-8')
System.exit(0)
